import { Controller, Get, Header } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import { REFERENCE_SCRIPT, REFERENCE_STYLE, REST_PAGE } from './page.js';
import { ReferenceService } from './reference.service.js';

/** Own files only, and pictures that stand in the style sheet itself. Try-out calls go to this server. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

@Controller()
export class ReferenceController {
  constructor(private readonly reference: ReferenceService) {}

  @Get('docs')
  @Access('reference.page')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', POLICY)
  page(): string {
    return REST_PAGE;
  }

  @Get('docs/events')
  @Access('reference.events')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', POLICY)
  events(): Promise<string> {
    return this.reference.events();
  }

  @Get('docs/swagger-ui.css')
  @Access('reference.style')
  @Header('Content-Type', CSS)
  swaggerStyle(): Promise<string> {
    return this.reference.swaggerFile('swagger-ui.css');
  }

  @Get('docs/reference.css')
  @Access('reference.style')
  @Header('Content-Type', CSS)
  style(): string {
    return REFERENCE_STYLE;
  }

  @Get('docs/swagger-ui-bundle.js')
  @Access('reference.script')
  @Header('Content-Type', SCRIPT)
  swaggerScript(): Promise<string> {
    return this.reference.swaggerFile('swagger-ui-bundle.js');
  }

  @Get('docs/reference.js')
  @Access('reference.script')
  @Header('Content-Type', SCRIPT)
  script(): string {
    return REFERENCE_SCRIPT;
  }

  @Get('openapi.json')
  @Access('reference.openapi')
  @Header('Content-Type', JSON_TYPE)
  openApi(): Promise<string> {
    return this.reference.openApi();
  }

  @Get('asyncapi.json')
  @Access('reference.asyncapi')
  @Header('Content-Type', JSON_TYPE)
  asyncApi(): Promise<string> {
    return this.reference.asyncApi();
  }
}
